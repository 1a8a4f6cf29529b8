// How long something takes, in words: "3 天", "2 天 4 小时", "35 分钟".
import type { TimeLeft } from '@/domain/deadline';
import { t } from '@/i18n';

export function timeWords({ days, hours, minutes }: TimeLeft): string {
  if (days > 0)
    return hours > 0 && days < 3 ? t('due.daysHours', { days, hours }) : t('due.days', { days });
  return hours > 0 ? t('due.hours', { hours }) : t('due.minutes', { minutes });
}
