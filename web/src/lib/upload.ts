// One file to the server, with how far it is: fetch() does not tell.
import { Problem, problemOf } from '@/api/errors';
import type { Schema } from '@/api/http';
import { locale } from '@/i18n';

interface Sending {
  path: string;
  type: string;
  body: Blob;
  /** The same for every try, so that nothing is taken twice. */
  key: string;
  csrf: string;
  onProgress: (part: number) => void;
}

/** POST it; the answer of a success with its status, a Problem otherwise. */
export function sendFile<Body>(what: Sending): Promise<{ status: number; body: Body }> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('POST', what.path);
    request.setRequestHeader('Content-Type', what.type);
    request.setRequestHeader('Idempotency-Key', what.key);
    request.setRequestHeader('X-CSRF-Token', what.csrf);
    request.setRequestHeader('Accept-Language', locale());
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) what.onProgress(event.loaded / event.total);
    };
    request.onerror = () => fail(Problem.offline());
    request.onload = () => {
      let body: unknown = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        body = null; // no answer of ours; the status says enough
      }
      if (request.status === 200 || request.status === 201)
        done({ status: request.status, body: body as Body });
      else
        fail(
          problemOf(
            body,
            new Response(null, {
              status: request.status,
              headers: { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' },
            }),
          ),
        );
    };
    request.send(what.body);
  });
}

export interface Upload {
  no: string;
  file: File;
  kind: 'citizen' | 'reply' | 'internal';
  /** The same for every try, so that nothing is attached twice. */
  key: string;
  csrf: string;
  onProgress: (part: number) => void;
}

export async function upload(what: Upload): Promise<Schema['Attachment']> {
  const query = new URLSearchParams({ name: what.file.name, kind: what.kind });
  const { body } = await sendFile<Schema['Attachment']>({
    path: `/api/v1/tickets/${encodeURIComponent(what.no)}/attachments?${query}`,
    type: 'application/octet-stream',
    body: what.file,
    key: what.key,
    csrf: what.csrf,
    onProgress: what.onProgress,
  });
  return body;
}
