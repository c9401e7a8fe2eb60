import { readFileSync } from 'node:fs'

/** `driver`: the driver leaves the specification; `one-node`: a server that is alone cannot have it. */
export type FailureKind = 'driver' | 'one-node'

/** A test that fails for a reason that no change of the stand-in can mend. */
export interface KnownFailure {
  readonly file: string
  readonly test: string
  readonly kind: FailureKind
  readonly reason: string
}

/** The checked-in list. @throws Error if an entry lacks its reason or names another kind of one. */
export function readKnownFailures(path = new URL('known-failures.json', import.meta.url)): KnownFailure[] {
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!Array.isArray(list)) throw new Error('known-failures.json must hold a list')
  return list.map(checkEntry)
}

function checkEntry(entry: Record<string, unknown>, at: number): KnownFailure {
  const { file, test, kind, reason } = entry
  if (typeof file !== 'string' || typeof test !== 'string')
    throw new Error(`known-failures.json, entry ${at}: file and test are needed`)
  if (kind !== 'driver' && kind !== 'one-node')
    throw new Error(`known-failures.json, ${file} :: ${test}: only kind driver or one-node may be listed`)
  if (typeof reason !== 'string' || reason.length < 20)
    throw new Error(`known-failures.json, ${file} :: ${test}: say in words why it fails`)
  return { file, test, kind, reason }
}
