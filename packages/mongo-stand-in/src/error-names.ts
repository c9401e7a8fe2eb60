/** Names of error codes that the server gives or that a fail point may ask for. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  6: 'HostUnreachable',
  7: 'HostNotFound',
  8: 'UnknownError',
  9: 'FailedToParse',
  11: 'UserNotFound',
  13: 'Unauthorized',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  24: 'LockTimeout',
  26: 'NamespaceNotFound',
  43: 'CursorNotFound',
  50: 'MaxTimeMSExpired',
  59: 'CommandNotFound',
  63: 'StaleShardVersion',
  64: 'WriteConcernFailed',
  79: 'UnknownReplWriteConcern',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  121: 'DocumentValidationFailure',
  133: 'FailedToSatisfyReadPreference',
  134: 'ReadConcernMajorityNotAvailableYet',
  136: 'CappedPositionLost',
  150: 'StaleEpoch',
  189: 'PrimarySteppedDown',
  217: 'IncompleteTransactionHistory',
  222: 'CloseChangeStream',
  225: 'TransactionTooOld',
  234: 'RetryChangeStream',
  237: 'CursorKilled',
  244: 'TransactionAborted',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  262: 'ExceededTimeLimit',
  267: 'PreparedTransactionInProgress',
  280: 'ChangeStreamFatalError',
  286: 'ChangeStreamHistoryLost',
  391: 'ReauthenticationRequired',
  9001: 'SocketException',
  10107: 'NotWritablePrimary',
  11000: 'DuplicateKey',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  11602: 'InterruptedDueToReplStateChange',
  13388: 'StaleConfig',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
}

export function errorName(code: number): string {
  return NAMES[code] ?? `Location${code}`
}

/** Codes after which a driver may send a retryable write again. */
const RETRYABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])
/** Codes after which a transaction must begin anew, and may. */
const TRANSIENT = new Set([24, 112, 246, 251, 267, 13388])
/** Codes after which a change stream may be resumed. */
const RESUMABLE = new Set([
  6, 7, 43, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
])

export interface LabelSituation {
  readonly command: string
  readonly inTransaction: boolean
  readonly retryableWrite: boolean
  readonly changeStream: boolean
}

/** The labels by which a driver decides what it may do again. */
export function errorLabels(code: number, situation: LabelSituation): string[] {
  const { command, inTransaction, retryableWrite, changeStream } = situation
  const ends = command === 'commitTransaction' || command === 'abortTransaction'
  if (inTransaction && !ends) {
    return TRANSIENT.has(code) || RETRYABLE.has(code) ? ['TransientTransactionError'] : []
  }
  // A commit that meets a conflict has done nothing: the whole transaction may run again.
  if (ends && TRANSIENT.has(code)) return ['TransientTransactionError']
  const labels: string[] = []
  if ((retryableWrite || ends) && RETRYABLE.has(code)) labels.push('RetryableWriteError')
  if (changeStream && RESUMABLE.has(code)) labels.push('ResumableChangeStreamError')
  return labels
}
