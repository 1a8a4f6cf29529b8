// A short tone, for who has asked for one; silent where the browser has no sound or forbids it.
const HERTZ = 660;
const SECONDS = 0.25;
const LOUD = 0.15;

let context: AudioContext | null = null;

export function play(): void {
  try {
    context ??= new AudioContext();
    const gain = context.createGain();
    const voice = context.createOscillator();
    gain.gain.setValueAtTime(LOUD, context.currentTime);
    gain.gain.linearRampToValueAtTime(0, context.currentTime + SECONDS);
    voice.frequency.value = HERTZ;
    voice.connect(gain).connect(context.destination);
    voice.start();
    voice.stop(context.currentTime + SECONDS);
  } catch {
    // A message is on the screen all the same.
  }
}
