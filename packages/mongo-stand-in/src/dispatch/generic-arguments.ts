/** Arguments that every command takes: for sessions, concerns, routing and the versioned API. */
const GENERIC = new Set(
  `apiVersion apiStrict apiDeprecationErrors autocommit comment coordinator help lsid maxTimeMS maxTimeMSOpOnly
  readConcern startTransaction stmtId stmtIds txnNumber txnRetryCounter writeConcern`.split(/\s+/),
)

export function isGenericArgument(name: string): boolean {
  return name.startsWith('$') || GENERIC.has(name)
}
