import type { UnitName } from '../../units.ts'

/** A value that a document must hold, because a client saw the write acknowledged. */
export interface Expectation {
  unit: UnitName
  collection: string
  /** 24 hex digits. */
  id: string
  path: string
  /** More than one where the outcome of the last write is unknown (its connection broke): any of them will do. */
  allowed: unknown[]
}

/**
 * What clients were told: per document and path the last acknowledged value. Each path has one writer at a time, so
 * "last" is well defined; a write whose answer never came may or may not have happened, until the next answer.
 */
export interface AcknowledgedWrites {
  /** `allowed`: the written value, or those that may follow from it by an effect. */
  acknowledge(write: Omit<Expectation, 'allowed'>, allowed: unknown[]): void
  /** The write was sent and no answer came. */
  unknown(write: Omit<Expectation, 'allowed'>, allowed: unknown[]): void
  of(unit: UnitName): Expectation[]
  count(): number
}

export function acknowledgedWrites(): AcknowledgedWrites {
  const expectations = new Map<string, Expectation>()
  let acknowledged = 0
  const keyOf = (write: Omit<Expectation, 'allowed'>) => `${write.collection}/${write.id}/${write.path}`
  return {
    acknowledge(write, allowed) {
      acknowledged += 1
      expectations.set(keyOf(write), { ...write, allowed: [...allowed] })
    },
    unknown(write, allowed) {
      const known = expectations.get(keyOf(write))
      if (known !== undefined) known.allowed.push(...allowed)
    },
    of: (unit) => [...expectations.values()].filter((expectation) => expectation.unit === unit),
    count: () => acknowledged,
  }
}
