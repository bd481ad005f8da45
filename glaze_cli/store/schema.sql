CREATE TABLE "tables" (
   "id" INTEGER PRIMARY KEY,
   "path" TEXT NOT NULL,
   "sheet" TEXT NOT NULL,
   "format" TEXT,
   "created_at" TEXT NOT NULL
);
CREATE UNIQUE INDEX "idx_tables_path_sheet"
    ON "tables" ("path", "sheet");
CREATE TABLE "columns" (
   "id" INTEGER PRIMARY KEY,
   "table_id" INTEGER NOT NULL REFERENCES "tables"("id"),
   "position" INTEGER NOT NULL,
   "header" TEXT NOT NULL,
   "field" TEXT,
   "added" INTEGER
);
CREATE UNIQUE INDEX "idx_columns_table_id_position_header"
    ON "columns" ("table_id", "position", "header");
CREATE TABLE "rows" (
   "id" INTEGER PRIMARY KEY,
   "table_id" INTEGER NOT NULL REFERENCES "tables"("id"),
   "number" INTEGER NOT NULL,
   "data" TEXT NOT NULL,
   "status" TEXT NOT NULL DEFAULT 'idle',
   "confidence" REAL,
   "last_run_at" TEXT,
   "created_at" TEXT
);
CREATE TABLE "enrichment_jobs" (
   "id" TEXT PRIMARY KEY,
   "table_id" INTEGER NOT NULL REFERENCES "tables"("id"),
   "status" TEXT NOT NULL,
   "total_tasks" INTEGER DEFAULT 0,
   "done_tasks" INTEGER DEFAULT 0,
   "failed_tasks" INTEGER DEFAULT 0,
   "not_found_tasks" INTEGER DEFAULT 0,
   "skipped_tasks" INTEGER DEFAULT 0,
   "created_at" TEXT NOT NULL,
   "started_at" TEXT,
   "completed_at" TEXT,
   "error" TEXT,
   "range" TEXT,
   "request" TEXT,
   "file_sha256" TEXT,
   "cap" INTEGER,
   "spent" INTEGER DEFAULT 0,
   "reserved" INTEGER DEFAULT 0,
   "unknown" INTEGER DEFAULT 0,
   "unknown_calls" INTEGER DEFAULT 0,
   "written_to" TEXT,
   "written_at" TEXT,
   "owner" TEXT
, "lease_until" REAL, "target" TEXT, "stop" TEXT, "exit_code" INTEGER, "log" TEXT, "selected" INTEGER, "filled" INTEGER, "repeated_calls" INTEGER NOT NULL DEFAULT 0);
CREATE TABLE "cell_enrichment_tasks" (
   "id" INTEGER PRIMARY KEY,
   "table_id" INTEGER,
   "row_id" INTEGER NOT NULL REFERENCES "rows"("id"),
   "column_id" INTEGER NOT NULL REFERENCES "columns"("id"),
   "job_id" TEXT NOT NULL REFERENCES "enrichment_jobs"("id"),
   "status" TEXT NOT NULL DEFAULT 'queued',
   "reason" TEXT,
   "old" TEXT,
   "result" TEXT,
   "confidence" REAL,
   "error" TEXT,
   "attempts" INTEGER DEFAULT 0,
   "created_at" TEXT,
   "started_at" TEXT,
   "completed_at" TEXT
);
CREATE INDEX "idx_cell_enrichment_tasks_row_id"
    ON "cell_enrichment_tasks" ("row_id");
CREATE INDEX tasks_queued ON cell_enrichment_tasks (job_id, row_id) WHERE status = 'queued';
CREATE INDEX tasks_running ON cell_enrichment_tasks (job_id, row_id) WHERE status = 'running';
CREATE INDEX tasks_done ON cell_enrichment_tasks (job_id, row_id) WHERE status = 'done';
CREATE TABLE "job_counts" (
   "job_id" TEXT,
   "status" TEXT,
   "reason" TEXT,
   "tasks" INTEGER,
   PRIMARY KEY ("job_id", "status", "reason")
);
CREATE TABLE "job_providers" (
   "job_id" TEXT,
   "provider" TEXT,
   "tier" TEXT,
   "calls" INTEGER NOT NULL DEFAULT 0,
   "hits" INTEGER NOT NULL DEFAULT 0,
   "misses" INTEGER NOT NULL DEFAULT 0,
   "errors" INTEGER NOT NULL DEFAULT 0,
   "cache_hits" INTEGER NOT NULL DEFAULT 0,
   "cost" INTEGER NOT NULL DEFAULT 0, "spent" INTEGER NOT NULL DEFAULT 0, "reserved" INTEGER NOT NULL DEFAULT 0, "saved" INTEGER NOT NULL DEFAULT 0,
   PRIMARY KEY ("job_id", "provider")
);
CREATE TABLE "answers" (
   "key" TEXT PRIMARY KEY,
   "provider" TEXT NOT NULL,
   "version" TEXT NOT NULL,
   "inputs" TEXT,
   "wants" TEXT,
   "found" INTEGER NOT NULL,
   "answer" TEXT NOT NULL,
   "confidence" REAL,
   "citations" TEXT,
   "cost" INTEGER,
   "created_at" TEXT NOT NULL
);
CREATE TABLE "attempts" (
   "id" INTEGER PRIMARY KEY,
   "job_id" TEXT REFERENCES "enrichment_jobs"("id"),
   "provider" TEXT NOT NULL,
   "tier" TEXT,
   "lookup_key" TEXT NOT NULL,
   "idempotency_key" TEXT,
   "status" TEXT NOT NULL,
   "outcome" TEXT,
   "detail" TEXT,
   "reserved" INTEGER NOT NULL,
   "billed" INTEGER,
   "opened_at" TEXT NOT NULL,
   "closed_at" TEXT
, "handle" TEXT, "task_id" INTEGER, "repeats" INTEGER);
CREATE INDEX "idx_attempts_lookup_key"
    ON "attempts" ("lookup_key");
CREATE INDEX attempts_open ON attempts (job_id) WHERE status = 'open';
CREATE TABLE "provider_pace" (
   "provider" TEXT PRIMARY KEY,
   "paused_until" REAL,
   "interval" REAL,
   "failures" INTEGER,
   "trips" INTEGER
);
CREATE TABLE "provider_slots" (
   "id" INTEGER PRIMARY KEY,
   "provider" TEXT,
   "at" REAL
);
CREATE INDEX "idx_provider_slots_provider_at"
    ON "provider_slots" ("provider", "at");
CREATE TABLE "provider_places" (
   "id" INTEGER PRIMARY KEY,
   "provider" TEXT,
   "owner" TEXT,
   "until" REAL
);
CREATE INDEX attempts_submitted ON attempts (lookup_key) WHERE status = 'open' AND handle IS NOT NULL;
CREATE INDEX jobs_owned ON enrichment_jobs (owner) WHERE owner IS NOT NULL;
CREATE INDEX rows_number ON rows (table_id, number);
CREATE INDEX tasks_failed ON cell_enrichment_tasks (job_id, row_id) WHERE status = 'failed';
CREATE INDEX tasks_not_found ON cell_enrichment_tasks (job_id, row_id) WHERE status = 'not_found';
CREATE TABLE "past_costs" (
   "month" TEXT,
   "provider" TEXT,
   "tier" TEXT,
   "calls" INTEGER NOT NULL DEFAULT 0,
   "hits" INTEGER NOT NULL DEFAULT 0,
   "misses" INTEGER NOT NULL DEFAULT 0,
   "errors" INTEGER NOT NULL DEFAULT 0,
   "cache_hits" INTEGER NOT NULL DEFAULT 0,
   "spent" INTEGER NOT NULL DEFAULT 0,
   "unknown" INTEGER NOT NULL DEFAULT 0,
   "unknown_calls" INTEGER NOT NULL DEFAULT 0,
   "saved" INTEGER NOT NULL DEFAULT 0,
   PRIMARY KEY ("month", "provider")
);
PRAGMA user_version = 3;
