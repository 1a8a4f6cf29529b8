// One file to the server, with how far it is: fetch() does not tell.
import { Problem, problemOf } from '@/api/errors';
import type { Schema } from '@/api/http';
import { locale } from '@/i18n';

export interface Upload {
  no: string;
  file: File;
  kind: 'citizen' | 'reply' | 'internal';
  /** The same for every try, so that nothing is attached twice. */
  key: string;
  csrf: string;
  onProgress: (part: number) => void;
}

export function upload(what: Upload): Promise<Schema['Attachment']> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: what.file.name, kind: what.kind });
    request.open('POST', `/api/v1/tickets/${encodeURIComponent(what.no)}/attachments?${query}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
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
      if (request.status === 201) done(body as Schema['Attachment']);
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
    request.send(what.file);
  });
}
