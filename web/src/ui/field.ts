// What a Field tells the control inside it.
import { inject, type ComputedRef, type InjectionKey } from 'vue';

export interface FieldContext {
  id: string;
  describedBy: ComputedRef<string | undefined>;
  isInvalid: ComputedRef<boolean>;
  isRequired: ComputedRef<boolean>;
}
export const fieldKey: InjectionKey<FieldContext> = Symbol('field');

/** Attributes of the control of the Field around it; none outside of one. */
export function useField(): () => Record<string, string | boolean | undefined> {
  const field = inject(fieldKey, null);
  return () =>
    field === null
      ? {}
      : {
          id: field.id,
          'aria-describedby': field.describedBy.value,
          'aria-invalid': field.isInvalid.value ? 'true' : undefined,
          'aria-required': field.isRequired.value ? 'true' : undefined,
        };
}
