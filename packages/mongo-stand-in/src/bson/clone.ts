import { setOwnField } from './path.ts'
import { isDocument } from './value-type.ts'

/** Copies documents and arrays all the way down; all other BSON values are never changed in place and are shared. */
export function cloneContainers<T>(value: T): T
export function cloneContainers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => cloneContainers(element))
  if (!isDocument(value)) return value
  const copy = {}
  for (const [name, inner] of Object.entries(value)) setOwnField(copy, name, cloneContainers(inner))
  return copy
}
