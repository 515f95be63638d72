import { api } from '../data/api.ts';

async function read<Value>(url: string, query: Record<string, string | number | undefined>, signal?: AbortSignal) {
  const { data } = await api().client.get<{ 200: Value }, unknown, true>({
    url,
    query,
    ...(signal && { signal }),
    security: [{ scheme: 'bearer', type: 'http' }],
    throwOnError: true,
  });
  return data;
}

export interface AnyDelivery {
  delivery_id: string;
  job_id: string;
  type: string;
  url: string | null;
  status: 'PENDING' | 'DELIVERED' | 'FAILED' | 'DISABLED';
  attempts: number;
  max_attempts: number;
  last_status: number | null;
  last_error: string | null;
  next_attempt_at: string | null;
  created_at: string;
}

export const readDeliveries = (
  query: { status: string | undefined; cursor: string | undefined },
  signal?: AbortSignal,
) => read<{ results: AnyDelivery[]; next_cursor: string | null }>('/admin/deliveries', query, signal);
