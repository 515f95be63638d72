/**
 * For the statement that ends claims, after its `held (model, began)`: what an answer of a model puts right. It is part
 * of that statement, so a model that is well costs no other. Rows are written only where something was wrong.
 *
 * A call that began before a breaker opened does not close it: it may have been answered by what is gone since.
 */
export const RECOVERIES = `answer AS MATERIALIZED (SELECT model, max(began) AS began FROM held WHERE model IS NOT NULL
    GROUP BY model),
  recovered AS (UPDATE model_breakers AS breaker SET failures = 0, refused_job = NULL,
      answered_since = GREATEST(breaker.answered_since, answer.began),
      opened_at = CASE WHEN answer.began < opened_at THEN opened_at END,
      next_probe_at = CASE WHEN answer.began < opened_at THEN next_probe_at END,
      wait_seconds = CASE WHEN answer.began < opened_at THEN wait_seconds END
    FROM answer WHERE breaker.model = answer.model
      AND (failures > 0 OR refused_job IS NOT NULL OR answer.began >= opened_at
        OR (answer.began > refused_at AND COALESCE(answered_since <= refused_at, TRUE)))),
  unhurried AS (UPDATE throttles SET untold = 0 WHERE name = 'model' AND untold > 0 AND EXISTS (SELECT 1 FROM answer))`;
