import { isDeepStrictEqual } from 'node:util'
import { decodeBson } from '../bson.ts'
import { canonicalHash, canonicalText } from '../canonical-form.ts'
import { comparable } from '../comparable.ts'
import { type CopyEncoder, type CopyPayload, compileCopyEncoder } from '../compile/copy-encoder.ts'
import { hashRaw } from '../compile/raw-hash.ts'
import { readPayload } from '../compile/read-payload.ts'
import { checkRoundTrip, rowsAsRead } from '../laws.ts'
import { MappingError } from '../mapping-error.ts'
import type { Document, EntityRows, Mapping } from '../types.ts'
import { canonicalTextOfBytes, Unreadable } from './canonical-of-bytes.ts'

/** What became of a document; anything that breaks a law is `violations`. */
export interface Checked {
  outcome: 'mapped' | 'kept' | 'quarantined'
  /** Why it waits, where it is quarantined. */
  code?: string
  /** In a mapped one. */
  rows?: EntityRows
  /** Without what the mapping drops, where it is mapped: what must come back from Postgres. */
  wanted?: Document
  /** The canonical hash of the same. */
  hash?: bigint
  violations: string[]
}

const anyId = '00000000-0000-8000-8000-000000000001'

/** Runs the laws on one raw document: read exactly or refused, mapped exactly or refused, never anything between. */
export function checkDocument(mapping: Mapping, raw: Buffer, id = anyId): Checked {
  const truth = textOfBytes(raw)
  let document: Document
  try {
    document = decodeBson(raw)
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    return { outcome: 'quarantined', code: error.code, violations: [] }
  }
  const read = canonicalText(document)
  if (truth !== read) {
    return { outcome: 'mapped', violations: [`read otherwise: ${truth ?? 'no exact reading'} / ${read}`] }
  }
  const options = mapping.identity === 'id-map' ? { id } : {}
  const outcome = mapping.mapDocument(document, options)
  if (outcome.kind === 'refused') return { outcome: 'quarantined', code: outcome.code, violations: [] }
  const asRead = rowsAsRead(mapping, outcome.rows)
  const found = checkRoundTrip(mapping, document, outcome.rows, [asRead], options)
  const violations = found.map((each) => each.message)
  // The caller's document is its own: mapping must not have changed it. Costs too much for every one.
  const isLookedAt = raw.length % 8 === 0
  if (isLookedAt && canonicalText(document) !== read)
    violations.push('mapping changed the document that it was given')
  const wanted = comparable(mapping, document)
  return {
    outcome: outcome.kept.length === 0 ? 'mapped' : 'kept',
    rows: outcome.rows,
    wanted,
    hash: canonicalHash(wanted),
    violations,
  }
}

function textOfBytes(raw: Buffer): string | undefined {
  try {
    return canonicalTextOfBytes(raw)
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return undefined
    throw error
  }
}

/** One document in the compiled plan and the general way side by side. */
export interface PlanCheck {
  /** Answers whether the plan took it. */
  add(raw: Buffer, checked: Checked, id: string): boolean
  /** Whether both have written the same rows since the last call. */
  agree(): boolean
}

export function planCheck(mapping: Mapping): PlanCheck {
  const [walker, general] = [compileCopyEncoder(mapping), compileCopyEncoder(mapping)]
  let disagrees = false
  return {
    add(raw, { rows, hash }, id) {
      if (hash !== undefined && hashRaw(mapping, raw) !== hash) disagrees = true
      if (walker.encode(raw, id) !== 'encoded') return false
      if (rows === undefined) disagrees = true
      else general.encodeRows(rows)
      return true
    },
    agree() {
      const same = samePayloads(mapping, walker, general) && !disagrees
      disagrees = false
      return same
    },
  }
}

function samePayloads(mapping: Mapping, left: CopyEncoder, right: CopyEncoder): boolean {
  const others = right.finish()
  return left
    .finish()
    .map((payload, i) => {
      const other = others[i] as CopyPayload
      // Members of `extra` may stand in another order.
      return (
        payload.payload.equals(other.payload) ||
        isDeepStrictEqual(readPayload(mapping, payload), readPayload(mapping, other))
      )
    })
    .every(Boolean)
}
