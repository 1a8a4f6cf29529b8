// What the office calls itself, for the head of a paper.
import { call, http } from '@/api/http';
import { officeTitle } from '@/domain/office';

export interface OfficeNames {
  county: string;
  /** With the county's name before it. */
  office: string;
}

export async function officeNames(): Promise<OfficeNames> {
  const { items } = await call(() => http.GET('/api/v1/settings'));
  const of = (name: string) => String(items.find((one) => one.name === name)?.value ?? '');
  const county = of('county_name');
  return { county, office: officeTitle(county, of('office_name')) };
}
