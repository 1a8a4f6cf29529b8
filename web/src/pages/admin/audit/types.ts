// What the trail holds beside the actions of tickets.

/** About people and what the administrator keeps. */
export const KEEPING = [
  'signed_in',
  'signed_out',
  'user_created',
  'user_changed',
  'user_password_changed',
  'user_deleted',
  'unit_created',
  'unit_changed',
  'unit_deleted',
  'token_created',
  'token_removed',
  'category_created',
  'category_changed',
  'category_deleted',
  'area_created',
  'area_changed',
  'area_deleted',
  'channel_created',
  'channel_changed',
  'channel_deleted',
  'phrase_created',
  'phrase_changed',
  'phrase_deleted',
  'template_created',
  'template_changed',
  'template_deleted',
  'calendar_changed',
  'calendar_imported',
  'limits_changed',
  'settings_changed',
];

/** About tickets, and not an action of theirs. */
export const OTHER = [
  'ticket_created',
  'ticket_imported',
  'opened',
  'reveal',
  'print',
  'attached',
  'deadline_recomputed',
  'merged_in',
  'merged_out',
  'erased',
];
