import type { MovieMind } from './api.ts';

export interface WhoAmI {
  auth_required: boolean;
  scopes: string[];
  key: { id: string; name: string; project: string | null } | null;
  expires_at: string | null;
  public_reads: boolean;
  model: { service: string; name: string | null };
}

export async function whoAmI({ client }: MovieMind, signal: AbortSignal): Promise<WhoAmI> {
  const { data } = await client.get<{ 200: WhoAmI }, unknown, true>({
    url: '/whoami',
    signal,
    security: [{ scheme: 'bearer', type: 'http' }],
    throwOnError: true,
  });
  return data;
}
