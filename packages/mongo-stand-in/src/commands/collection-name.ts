import { serverError } from '../server-error.ts'
import { splitNamespace } from '../storage/catalog.ts'

/** What clients may create under `system.`; the rest of these names is the server's own. */
const SYSTEM = new Set(['system.js', 'system.users', 'system.roles', 'system.profile'])

/** Refuses a name that no collection may be created with, or renamed to. Reading under it finds nothing. */
export function assertMayBeCreated(ns: string): void {
  const { coll } = splitNamespace(ns)
  const invalid = coll.startsWith('.') || coll.endsWith('.') || coll.includes('$')
  if (invalid) throw serverError(73, 'InvalidNamespace', `Invalid collection name: ${coll}`)
  if (coll.startsWith('system.') && !SYSTEM.has(coll))
    throw serverError(73, 'InvalidNamespace', `Invalid system namespace: ${ns}`)
}
