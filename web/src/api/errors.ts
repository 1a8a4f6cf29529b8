// What the server refuses (RFC 9457), as a page shows it.
import { t } from '@/i18n';
import type { ErrorCode } from './errors.gen';

export interface FieldProblem {
  field: string;
  message: string;
}

type Code = ErrorCode | 'offline' | 'unknown';

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: Code,
    message: string,
    readonly fields: FieldProblem[] = [],
    readonly requestId: string | null = null,
    /** Seconds to wait before a second try makes sense. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = 'Problem';
  }

  static offline(): Problem {
    return new Problem(0, 'offline', t('problem.offline'));
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
  /** Somebody else was first. */
  get isConflict(): boolean {
    return this.code === 'ticket.version_conflict' || this.code === 'version_conflict';
  }
  /** Worth trying again as it is. */
  get isPassing(): boolean {
    return this.isOffline || this.status === 429 || this.status === 503;
  }
}

interface Document {
  code?: ErrorCode;
  detail?: string;
  errors?: FieldProblem[];
  request_id?: string;
}

export function problemOf(body: unknown, response: Response): Problem {
  const document: Document = typeof body === 'object' && body !== null ? (body as Document) : {};
  const wait = Number(response.headers.get('Retry-After'));
  return new Problem(
    response.status,
    document.code ?? 'unknown',
    document.detail ?? t('problem.unknown'),
    document.errors ?? [],
    document.request_id ?? response.headers.get('X-Request-Id'),
    wait > 0 ? wait : null,
  );
}

/** Anything thrown, as a Problem: what is none is a fault of ours. */
export function asProblem(cause: unknown): Problem {
  return cause instanceof Problem ? cause : new Problem(500, 'unknown', t('problem.unknown'));
}

/** Messages by the field's name as the request wrote it: `petitioner.phone`, `co_units[1]`. */
export function byField(problem: Problem | null): Map<string, string> {
  return new Map((problem?.fields ?? []).map((one) => [one.field, one.message]));
}
