/** What the office calls itself with the county's name before it, each character once. */
export function officeTitle(county: string, office: string): string {
  if (county === '' || office.includes(county)) return office;
  return county + (office.startsWith(county.slice(-1)) ? office.slice(1) : office);
}
