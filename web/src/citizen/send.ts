// One file of a message: null when it has arrived, otherwise what the server said, or ''.
export function sendFile(
  file: File,
  key: string,
  token: string,
  onProgress: (part: number) => void,
): Promise<string | null> {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/public/attachments?${new URLSearchParams({ name: file.name })}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept-Language', document.documentElement.lang);
    request.setRequestHeader('Idempotency-Key', key);
    request.setRequestHeader('X-Upload-Token', token);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = () => done('');
    request.onload = () => {
      if (request.status === 201) done(null);
      else done(messageOf(request.responseText));
    };
    request.send(file);
  });
}

/** What a problem says: of its first field, when it names one. */
function messageOf(text: string): string {
  try {
    const problem = JSON.parse(text) as { message?: string; errors?: { message: string }[] };
    return problem.errors?.[0]?.message ?? problem.message ?? '';
  } catch {
    return ''; // no answer of ours
  }
}
