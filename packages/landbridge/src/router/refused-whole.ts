/**
 * Tells the refusals after which work may be sent again, perhaps to the other store: those that a store gave to a whole
 * transaction, so that nothing of it was applied. An unknown outcome (a lost connection during COMMIT) is not among
 * them: it goes to the caller as an error (A20).
 */
export function refusedWhole(error: unknown): boolean {
  return refusedByPostgres(error) || refusedByMongo(error)
}

/** SQLSTATEs of the write guard (landbridge.guard_write): Postgres is not the authority; a fence is open. */
const guardStates = new Set(['LB001', 'LB002'])

function refusedByPostgres(error: unknown): boolean {
  return causes(error).some((cause) => 'code' in cause && guardStates.has(String(cause.code)))
}

/** DocumentValidationFailure: the validator of the fence, in a transaction that MongoDB aborts with it. */
const documentValidationFailure = 121

function refusedByMongo(error: unknown): boolean {
  return causes(error).some((cause) => 'code' in cause && cause.code === documentValidationFailure)
}

/** The error and what it says caused it: data layers wrap the database's error. */
function causes(error: unknown): object[] {
  const found: object[] = []
  for (
    let current = error;
    typeof current === 'object' && current !== null;
    current = Reflect.get(current, 'cause')
  ) {
    if (found.includes(current)) break
    found.push(current)
  }
  return found
}
