"""A job told on one page: HTML that opens offline, or Markdown for a CI job page. Plain documents come in."""
