// The look of a state: a tone, a shape; its word is the server's.
export type Tone = 'neutral' | 'info' | 'ok' | 'warn' | 'bad';

const looks: Record<string, { tone: Tone; shape: string }> = {
  received: { tone: 'neutral', shape: 'ring' },
  dispatched: { tone: 'info', shape: 'quarter' },
  handling: { tone: 'info', shape: 'half' },
  returned: { tone: 'warn', shape: 'back' },
  replied: { tone: 'info', shape: 'letter' },
  feedback: { tone: 'info', shape: 'phone' },
  closed: { tone: 'ok', shape: 'check' },
  declined: { tone: 'neutral', shape: 'cross' },
  merged: { tone: 'neutral', shape: 'join' },
};

export function stateLook(state: string): { tone: Tone; shape: string } {
  return looks[state] ?? { tone: 'neutral', shape: 'ring' };
}

/** The steps of the process that a ticket passes, and where `state` stands among them. */
export const steps = ['receive', 'dispatch', 'handle', 'reply', 'feedback', 'close'] as const;
export type Step = (typeof steps)[number];

export function stepOf(state: string): Step {
  switch (state) {
    case 'received':
      return 'receive';
    case 'dispatched':
    case 'returned':
      return 'dispatch';
    case 'handling':
      return 'handle';
    case 'replied':
      return 'reply';
    case 'feedback':
      return 'feedback';
    default:
      return 'close';
  }
}
