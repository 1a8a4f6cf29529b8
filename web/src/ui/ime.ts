// While an input method composes, Enter and the arrows are the method's, not the page's.
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.key === 'Process' || event.keyCode === 229;
}

/** A capture handler: a key of the input method goes no further. */
export function keepForInputMethod(event: KeyboardEvent): void {
  if (isComposing(event)) event.stopPropagation();
}
