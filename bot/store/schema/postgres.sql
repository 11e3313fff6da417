-- The store's tables on PostgreSQL, as SQLite has them after its 25 steps (tests/store/test_schemas.py compares them).
-- Texts stand in the order of their bytes and numbers have 64 bits, as there. What is added later is a step of its own
-- (postgres.py, STEPS), in both engines.

CREATE TABLE referral (
    id TEXT COLLATE "C" PRIMARY KEY,
    mark TEXT COLLATE "C" NOT NULL UNIQUE,
    made_on TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    effort TEXT COLLATE "C",
    need TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    residence TEXT COLLATE "C",
    cpr TEXT COLLATE "C",
    district TEXT COLLATE "C",
    mode TEXT COLLATE "C" NOT NULL,
    visit TEXT COLLATE "C"
);

CREATE TABLE report (
    id TEXT COLLATE "C" PRIMARY KEY,
    receipt_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    received_on TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    reporter_role TEXT COLLATE "C" NOT NULL,
    incident_when TEXT COLLATE "C" NOT NULL,
    district TEXT COLLATE "C" NOT NULL,
    area TEXT COLLATE "C" NOT NULL,
    consent_level TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    triage TEXT COLLATE "C" NOT NULL,
    schema_version BIGINT NOT NULL,
    relation TEXT COLLATE "C" NOT NULL DEFAULT 'unsure',
    worse TEXT COLLATE "C" NOT NULL DEFAULT 'unsure',
    reason TEXT COLLATE "C" NOT NULL DEFAULT 'unsure',
    fair TEXT COLLATE "C",
    hold TEXT COLLATE "C",
    keep_until TEXT COLLATE "C" NOT NULL DEFAULT '9999-12-31',
    assigned_to TEXT COLLATE "C",
    clock_from TEXT COLLATE "C",
    clock_due TEXT COLLATE "C",
    translator BIGINT NOT NULL DEFAULT 0,
    journal TEXT COLLATE "C" NOT NULL DEFAULT 'undecided',
    outcome TEXT COLLATE "C",
    closed_on TEXT COLLATE "C"
);

CREATE TABLE entry (
    entered_on TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (entered_on, code, language)
);

CREATE TABLE slip (
    code_hash TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    need TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    made_on TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C",
    met BIGINT,
    said_on TEXT COLLATE "C",
    PRIMARY KEY (code_hash, service)
);

CREATE TABLE report_answer (
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    question TEXT COLLATE "C" NOT NULL,
    answer TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (report_id, question, answer)
);

CREATE TABLE piece (
    id TEXT COLLATE "C" PRIMARY KEY,
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C",
    size BIGINT,
    cleaned BIGINT NOT NULL,
    read_on TEXT COLLATE "C",
    sealed BYTEA NOT NULL,
    UNIQUE (report_id, number)
);

CREATE TABLE report_key (
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    holder TEXT COLLATE "C" NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (report_id, holder)
);

CREATE TABLE report_consent (
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    consent TEXT COLLATE "C" NOT NULL,
    answer TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (report_id, number)
);

CREATE TABLE coverage_view (
    id TEXT COLLATE "C" PRIMARY KEY,
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    result TEXT COLLATE "C" NOT NULL,
    by_whom TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE TABLE paused_report (
    receipt_hash TEXT COLLATE "C" PRIMARY KEY,
    keep_until TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE TABLE kept_question (
    id TEXT COLLATE "C" PRIMARY KEY,
    language TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    sorted_as TEXT COLLATE "C",
    sorted_by TEXT COLLATE "C",
    sorted_on TEXT COLLATE "C"
);

CREATE TABLE team_key (
    id TEXT COLLATE "C" PRIMARY KEY,
    public BYTEA NOT NULL,
    made_on TEXT COLLATE "C" NOT NULL
);

CREATE TABLE key_holder (
    name TEXT COLLATE "C" PRIMARY KEY,
    public BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    operations BIGINT NOT NULL,
    memory BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    made_on TEXT COLLATE "C" NOT NULL
);

CREATE TABLE key_share (
    key_id TEXT COLLATE "C" NOT NULL REFERENCES team_key (id) ON DELETE CASCADE,
    holder TEXT COLLATE "C" NOT NULL REFERENCES key_holder (name) ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (key_id, holder)
);

CREATE TABLE account (
    name TEXT COLLATE "C" PRIMARY KEY,
    role TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C",
    subject TEXT COLLATE "C" UNIQUE,
    password TEXT COLLATE "C",
    totp BYTEA NOT NULL,
    step BIGINT NOT NULL,
    must_change BIGINT NOT NULL,
    active BIGINT NOT NULL,
    made_on TEXT COLLATE "C" NOT NULL
);

CREATE TABLE recovery_code (
    account TEXT COLLATE "C" NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account, hash)
);

CREATE TABLE saved_view (
    account TEXT COLLATE "C" NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    query TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE partner_key (
    name TEXT COLLATE "C" PRIMARY KEY REFERENCES account (name) ON DELETE CASCADE,
    public BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    operations BIGINT NOT NULL,
    memory BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    made_on TEXT COLLATE "C" NOT NULL
);
CREATE INDEX report_by_status ON report (status);
CREATE INDEX report_by_assigned_to ON report (assigned_to);
CREATE INDEX report_by_received_on ON report (received_on);
CREATE INDEX report_by_clock_due ON report (clock_due);
CREATE INDEX report_by_keep_until ON report (keep_until);

CREATE TABLE report_label (
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    label TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (report_id, label)
);

CREATE TABLE note (
    id TEXT COLLATE "C" PRIMARY KEY,
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    by_whom TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    UNIQUE (report_id, number)
);

CREATE TABLE likeness (
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    mark TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (report_id, kind)
);
CREATE INDEX likeness_by_mark ON likeness (mark);

CREATE TABLE handover (
    id TEXT COLLATE "C" PRIMARY KEY,
    report_id TEXT COLLATE "C" NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    body TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL,
    way TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C",
    made_on TEXT COLLATE "C" NOT NULL,
    by_whom TEXT COLLATE "C" NOT NULL,
    changed_on TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_try TEXT COLLATE "C",
    error TEXT COLLATE "C",
    sealed BYTEA NOT NULL
);
CREATE INDEX handover_by_report ON handover (report_id);
CREATE INDEX handover_by_body ON handover (body);

CREATE TABLE handover_key (
    handover_id TEXT COLLATE "C" NOT NULL REFERENCES handover (id) ON DELETE CASCADE,
    holder TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (handover_id, holder)
);

CREATE TABLE event (
    seq BIGINT PRIMARY KEY,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    verb TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX event_by_object ON event (object);

CREATE TABLE pending_review (
    language TEXT COLLATE "C" NOT NULL,
    catalogue TEXT COLLATE "C" NOT NULL,
    context TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    read TEXT COLLATE "C" NOT NULL,
    corrected TEXT COLLATE "C",
    by_whom TEXT COLLATE "C" NOT NULL,
    on_day TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (language, catalogue, context, source)
);

CREATE TABLE official_value (
    target TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    source_url TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    n BIGINT,
    low TEXT COLLATE "C",
    high TEXT COLLATE "C",
    imported_on TEXT COLLATE "C" NOT NULL,
    file_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (target, year, source)
);

CREATE TABLE tally (
    counted_on TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (counted_on, kind, code, language)
);

CREATE TABLE release (
    kind TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    tier TEXT COLLATE "C" NOT NULL,
    edition BIGINT NOT NULL,
    made_on TEXT COLLATE "C" NOT NULL,
    by_whom TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    content_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, period, tier, edition)
);

CREATE TABLE record_set (
    kind TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    tier TEXT COLLATE "C" NOT NULL,
    edition BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    records BYTEA NOT NULL,
    PRIMARY KEY (kind, period, tier, edition, source),
    FOREIGN KEY (kind, period, tier, edition) REFERENCES release (kind, period, tier, edition) ON DELETE CASCADE
);

CREATE TABLE simulation (
    seed TEXT COLLATE "C" PRIMARY KEY,
    made_on TEXT COLLATE "C" NOT NULL
);

CREATE TABLE poll_mark (
    mark TEXT COLLATE "C" PRIMARY KEY,
    counted_on TEXT COLLATE "C" NOT NULL
);
