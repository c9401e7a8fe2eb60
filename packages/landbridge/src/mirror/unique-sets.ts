import type { PoolClient } from 'pg'
import type { Document, ForcedExtra, Mapping } from '../mapping/types.ts'
import { compareIds } from '../source/id-order.ts'
import { type MappedState, mapRaw, type SourceState } from './source-state.ts'
import { type Claim, findClashes } from './unique-clashes.ts'
import { readUniqueIndexes, type UniqueIndex } from './unique-indexes.ts'
import type { UniqueLoser } from './unique-losers.ts'

/** Beyond this many rounds something else than values is wrong. */
const MAX_ROUNDS = 100

/** A set of entities as it may be written together. */
export interface SettledSet {
  states: SourceState[]
  losers: UniqueLoser[]
}

/** Entities that hold, in Postgres, values which the set wants: they must be mirrored with it. */
export interface GrowingSet {
  holders: string[]
}

/**
 * Decides who holds which unique value among entities that are mirrored together (A12). Values that only LOOK taken,
 * because Postgres still shows an older state, are free once all are replaced at once. If the source itself holds a
 * value twice, the lowest `_id` keeps it and the constraint's declared outcome applies to the others.
 */
export async function settleUniqueSet(
  tx: PoolClient,
  mapping: Mapping,
  states: readonly SourceState[],
): Promise<SettledSet | GrowingSet> {
  const indexes = await readUniqueIndexes(tx, mapping)
  const members = states.flatMap((state) => (state.target.entity === undefined ? [] : [state.target.entity]))
  const settling: Settling = { mapping, states: [...states], forced: new Map(), losers: [] }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const candidates = settling.states.filter((state) => state.kind === 'mapped')
    const holders = new Set<string>()
    let settled = true
    for (const index of indexes) {
      const clashes = await findClashes(
        tx,
        index,
        candidates.map((state) => state.rows),
        members,
      )
      for (const holder of clashes.holders) holders.add(holder.entity)
      if (clashes.groups.length > 0) {
        for (const group of clashes.groups) settleGroup(settling, index, group)
        // Whoever has just lost may have been in somebody's way at another index: judge all of them again.
        settled = false
        break
      }
    }
    if (!settled) continue
    return holders.size > 0 ? { holders: [...holders] } : { states: settling.states, losers: settling.losers }
  }
  throw new Error(`unique values of "${mapping.collection}" did not settle in ${MAX_ROUNDS} rounds`)
}

interface Settling {
  mapping: Mapping
  states: SourceState[]
  forced: Map<string, ForcedExtra[]>
  losers: UniqueLoser[]
}

function settleGroup(settling: Settling, index: UniqueIndex, group: readonly Claim[]): void {
  const claims = group
    .flatMap((claim) => {
      const state = settling.states.find((each) => each.target.entity === claim.entity)
      return state?.kind === 'mapped' ? [{ claim, state }] : []
    })
    .sort(
      (a, b) => compareIds(a.state.target.rawId, b.state.target.rawId) || compareOrdinals(a.claim, b.claim),
    )
  const [winner, ...rest] = claims
  if (winner === undefined) return
  for (const loser of rest) {
    lose(settling, index, loser.state, loser.claim)
    if (loser.state.target.key !== winner.state.target.key) {
      settling.losers.push({
        constraint: index.name,
        legacyId: loser.state.target.legacyId,
        holderLegacyId: winner.state.target.legacyId,
      })
    }
  }
}

function compareOrdinals(a: Claim, b: Claim): number {
  for (const [i, ordinal] of a.ordinals.entries()) {
    const other = b.ordinals[i] ?? 0
    if (ordinal !== other) return ordinal - other
  }
  return 0
}

/** Maps the loser again without the value; what no mapping declares goes to quarantine. */
function lose(settling: Settling, index: UniqueIndex, state: MappedState, claim: Claim): void {
  const { mapping } = settling
  const at = settling.states.findIndex((each) => each.target.key === state.target.key)
  const declared = mapping.uniques.find((unique) => unique.name === index.name)
  const hasPlace = claim.ordinals.length > 0 || index.table.kind === 'root' || index.table.kind === 'row'
  if (declared?.outcome !== 'extra' || !hasPlace) {
    const refusal = {
      path: declared?.paths[0] ?? '',
      code: 'unique',
      reason: `another document of the collection holds the same value of ${index.name}`,
      valueType: 'unique',
    }
    settling.states[at] = { kind: 'refused', target: state.target, raw: state.raw, refusal }
    return
  }
  const forced = [
    ...(settling.forced.get(state.target.key) ?? []),
    ...declared.paths.map((path) => ({
      path: elementPath(state.document, path, claim.ordinals),
      reason: 'unique' as const,
    })),
  ]
  settling.forced.set(state.target.key, forced)
  settling.states[at] = mapRaw(mapping, state.target, state.raw, forced)
}

/**
 * `passkeys.credentialId` of the element in row 2 is `passkeys.2.credentialId`: the ordinals stand where the
 * document holds arrays.
 */
export function elementPath(document: Document, path: string, ordinals: readonly number[]): string {
  const rest = [...ordinals]
  const segments: string[] = []
  let value: unknown = document
  for (const segment of path.split('.')) {
    if (Array.isArray(value) && rest.length > 0) {
      const ordinal = rest.shift() ?? 0
      segments.push(String(ordinal))
      value = value[ordinal]
    }
    segments.push(segment)
    value = (value as Record<string, unknown> | null | undefined)?.[segment]
  }
  // An array of scalars: the path ends at the array, its value is the element.
  if (Array.isArray(value) && rest.length > 0) segments.push(String(rest[0]))
  return segments.join('.')
}
