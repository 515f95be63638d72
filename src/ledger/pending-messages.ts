/**
 * For a WHERE: no message is still to be delivered about what has these webhooks. Its messages are deleted with it.
 * @param webhooks a condition on `job_webhooks`
 */
export const NO_PENDING_MESSAGE = (webhooks: string) => `NOT EXISTS (SELECT 1 FROM job_webhooks AS webhook
  JOIN webhook_deliveries AS delivery ON delivery.webhook_id = webhook.id
  WHERE webhook.${webhooks} AND delivery.status = 'PENDING')`;
