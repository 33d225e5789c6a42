import {
  METHOD_NAMES,
  type MethodName,
  SHIPPED,
  type ShippedName,
} from '../../policies/config/index.ts';

/** A method of which a policy ships under the method's own name. */
type ShippedMethod = MethodName & ShippedName;

export function isShippedMethod(name: MethodName): name is ShippedMethod {
  return Object.hasOwn(SHIPPED, name);
}

export const SHIPPED_METHODS: readonly ShippedMethod[] = METHOD_NAMES.filter(isShippedMethod);
