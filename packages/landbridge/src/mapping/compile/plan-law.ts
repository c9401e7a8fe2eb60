/*
 * The law of compiled plans, for tests of whatever mapping: what is walked is what is mapped. The plain codecs are the
 * reference.
 */
import { isDeepStrictEqual } from 'node:util'
import { decodeBson } from '../bson.ts'
import { canonicalHash } from '../canonical-form.ts'
import { comparable } from '../comparable.ts'
import { MappingError } from '../mapping-error.ts'
import type { MapOutcome, Mapping } from '../types.ts'
import { compileCopyEncoder } from './copy-encoder.ts'
import { hashRaw } from './raw-hash.ts'
import { readPayload } from './read-payload.ts'

export interface PlanCheck {
  /** What the plan did wrong; undefined where it agrees with the codecs. */
  breach: string | undefined
  /** Whether the document was walked. */
  walked: boolean
  /** Whether the codecs refuse it. */
  refused: boolean
}

/** Checks one raw document after the other against the plain codecs. */
export function planLaw(mapping: Mapping): (raw: Uint8Array, id?: string) => PlanCheck {
  const walker = compileCopyEncoder(mapping)
  const plain = compileCopyEncoder(mapping)
  return (raw, id) => {
    const walked = walker.encode(raw, id) === 'encoded'
    const outcome = outcomeOf(mapping, raw, id)
    const refused = outcome?.kind !== 'mapped'
    if (walked && outcome?.kind === 'mapped') plain.encodeRows(outcome.rows)
    const [left, right] = [walker.finish(), plain.finish()]
    const different = left.find(
      (payload, i) =>
        !isDeepStrictEqual(readPayload(mapping, payload), readPayload(mapping, right[i] as typeof payload)),
    )
    const breach =
      walked && refused
        ? `walked, but the codecs refuse it: ${JSON.stringify(outcome)}`
        : different !== undefined
          ? `other rows in ${different.table}`
          : hashOf(() => hashRaw(mapping, raw)) !==
              hashOf(() => canonicalHash(comparable(mapping, decodeBson(raw))))
            ? 'another hash'
            : undefined
    return { breach, walked, refused }
  }
}

function outcomeOf(mapping: Mapping, raw: Uint8Array, id: string | undefined): MapOutcome | undefined {
  try {
    return mapping.mapDocument(decodeBson(raw), { id })
  } catch (error) {
    if (error instanceof MappingError) return undefined
    throw error
  }
}

function hashOf(hash: () => bigint): bigint | string {
  try {
    return hash()
  } catch (error) {
    if (error instanceof MappingError) return error.code
    throw error
  }
}
