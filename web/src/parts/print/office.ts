// What the office calls itself, for the head of a paper.
import { call, http } from '@/api/http';

export interface OfficeNames {
  county: string;
  /** With the county's name before it. */
  office: string;
}

export async function officeNames(): Promise<OfficeNames> {
  const { county, office } = await call(() => http.GET('/api/v1/public/meta'));
  return { county, office };
}
