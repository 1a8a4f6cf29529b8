/** When the page has nothing else to do, or soon anyway; not while the line is down. */
export function whenIdle(run: () => void): void {
  const start = () => {
    if (navigator.onLine) run();
  };
  if ('requestIdleCallback' in window) window.requestIdleCallback(start, { timeout: 5000 });
  else setTimeout(start, 1000);
}
