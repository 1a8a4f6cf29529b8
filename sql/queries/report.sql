-- Tables report_published and bulletin.

-- fragment: published_columns
    report_published.month, report_published.formula_version,
    report_published.published_at, user.login, user.name

-- name: report_published_by_month
-- access: read
SELECT /*= published_columns */, report_published.inputs
  FROM report_published
  LEFT JOIN user ON user.id = report_published.published_by
 WHERE report_published.month = :month;

-- name: report_published_list
-- access: read
-- Newest first, before :before.
SELECT /*= published_columns */
  FROM report_published
  LEFT JOIN user ON user.id = report_published.published_by
 WHERE report_published.month < :before
 ORDER BY report_published.month DESC
 LIMIT :limit;

-- name: report_published_insert
-- access: write
INSERT INTO report_published (month, formula_version, published_at, published_by, inputs)
VALUES (:month, :formula_version, :published_at, :published_by, :inputs);

-- fragment: bulletin_columns
    bulletin.id, bulletin.kind, bulletin.state, bulletin.number, bulletin.from_day,
    bulletin.to_day, bulletin.title, bulletin.text, bulletin.version,
    bulletin.created_at, author.name, bulletin.issued_at, issuer.name

-- fragment: bulletin_joins
    LEFT JOIN user AS author ON author.id = bulletin.created_by
    LEFT JOIN user AS issuer ON issuer.id = bulletin.issued_by

-- name: bulletin_by_id
-- access: read
SELECT /*= bulletin_columns */, bulletin.figures, bulletin.office
  FROM bulletin
  /*= bulletin_joins */
 WHERE bulletin.id = :id;

-- name: bulletin_list
-- access: read
-- Newest first, before :before; drafts only with :with_drafts.
SELECT /*= bulletin_columns */
  FROM bulletin
  /*= bulletin_joins */
 WHERE bulletin.id < :before
   AND (:with_drafts = 1 OR bulletin.state = 'issued')
   AND (:kind IS NULL OR bulletin.kind = :kind)
 ORDER BY bulletin.id DESC
 LIMIT :limit;

-- name: bulletin_insert
-- access: write
INSERT INTO bulletin (kind, state, from_day, to_day, title, text, figures, created_at,
                      created_by)
VALUES (:kind, 'draft', :from_day, :to_day, :title, :text, :figures, :now, :user_id);

-- name: bulletin_change
-- access: write
UPDATE bulletin
   SET title = :title, text = :text, version = version + 1
 WHERE id = :id AND version = :version AND state = 'draft';

-- name: bulletin_issue
-- access: write
UPDATE bulletin
   SET state = 'issued', number = :number, office = :office, issued_at = :now,
       issued_by = :user_id, version = version + 1
 WHERE id = :id AND version = :version AND state = 'draft';
