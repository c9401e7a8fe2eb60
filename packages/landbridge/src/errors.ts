/** Stable codes; the comment of each is its help page. */
export const errorCodes = {
  /** The configuration file or an option is wrong. The message names the field. */
  config: 'LB_CONFIG',
  /** Postgres cannot be reached or refuses the connection. Check DATABASE_URL. */
  postgresUnavailable: 'LB_POSTGRES_UNAVAILABLE',
  /** MongoDB cannot be reached. Check MONGO_URL. */
  mongoUnavailable: 'LB_MONGO_UNAVAILABLE',
  /** MongoDB is a standalone: change streams and transactions need a replica set (a one-node set is enough). */
  notReplicaSet: 'LB_NOT_REPLICA_SET',
  /** The Postgres role may not do something that the engine needs; the message holds the GRANT. */
  missingPrivilege: 'LB_MISSING_PRIVILEGE',
  /** The unit, collection or entity that was named does not exist. */
  unknownName: 'LB_UNKNOWN_NAME',
  /** The step is not allowed from the phase in which the unit stands. */
  stepNotAllowed: 'LB_STEP_NOT_ALLOWED',
  /** A gate is not met; measure it, or waive it with a name and a reason. */
  gateNotMet: 'LB_GATE_NOT_MET',
  /** A change of authority could not be done and was undone; the message says why. Nothing was lost; try again. */
  fenceUndone: 'LB_FENCE_UNDONE',
  /** A fence of another coordinator is open; wait for its deadline. */
  fenceBusy: 'LB_FENCE_BUSY',
  /** The copy of the unit's row in MongoDB is ahead of the row: Postgres has lost a commit. An operator must decide. */
  rowWentBack: 'LB_ROW_WENT_BACK',
  /** The unit takes no request at present (its authority is away or changing). Try again after Retry-After. */
  unitUnavailable: 'LB_UNIT_UNAVAILABLE',
  /** An applier found the unit in another phase than it expects; nothing was written. */
  wrongPhase: 'LB_WRONG_PHASE',
  /** A mapping is wrong or incomplete; the message names collection and path. */
  mapping: 'LB_MAPPING',
  /** The change stream's history is gone; units must be verified and repaired before they may advance. */
  historyLost: 'LB_HISTORY_LOST',
  /** The change stream or the outbox is not drained in time. Look at its lag in `landbridge status`; try again. */
  captureBehind: 'LB_CAPTURE_BEHIND',
  /** A document would pass the 16 MB that MongoDB takes; it can only stay in Postgres (`rollback --leave`). */
  tooLargeForMongo: 'LB_TOO_LARGE_FOR_MONGO',
  /** A file of a mongodump folder is missing, cut short or no BSON; the message names it and the place. */
  dumpUnreadable: 'LB_DUMP_UNREADABLE',
  /** It cannot be shown that a copy from this dump loses no write; the message says what is missing. */
  dumpNotSafe: 'LB_DUMP_NOT_SAFE',
  /** A verification found nothing to compare in either store, so it proves nothing. Look whether the stores are the right ones. */
  nothingCompared: 'LB_NOTHING_COMPARED',
  /** Stores differ. */
  differences: 'LB_DIFFERENCES',
  /** An argument of a verb is wrong or missing. */
  usage: 'LB_USAGE',
} as const

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes]

/** What the engine throws: a stable code, a message that says what to do next, and the cause. */
export class LandbridgeError extends Error {
  readonly code: ErrorCode
  readonly detail: Record<string, unknown>

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; detail?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'LandbridgeError'
    this.code = code
    this.detail = options.detail ?? {}
  }
}

const passing: ReadonlySet<string> = new Set([
  errorCodes.fenceUndone,
  errorCodes.fenceBusy,
  errorCodes.captureBehind,
])

/** Whether nothing has changed and the same call may succeed a moment later. */
export function isPassing(error: unknown): error is LandbridgeError {
  return error instanceof LandbridgeError && passing.has(error.code)
}
