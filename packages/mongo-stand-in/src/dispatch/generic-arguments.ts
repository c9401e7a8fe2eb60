import type { Document } from 'bson'
import type { Command } from '../commands/command.ts'
import { locationError } from '../server-error.ts'

/** Arguments that every command takes: for sessions, concerns, time limits and the versioned API. */
const GENERIC = new Set(
  `apiVersion apiStrict apiDeprecationErrors autocommit comment coordinator help lsid maxTimeMS maxTimeMSOpOnly
  rawData readConcern startTransaction stmtId stmtIds txnNumber txnRetryCounter writeConcern`.split(/\s+/),
)

export function isGenericArgument(name: string): boolean {
  return name.startsWith('$') || GENERIC.has(name)
}

/** Refuses an argument that the command does not know: ignoring it would answer another question than was asked. */
export function assertKnownArguments({ name, fields }: Command, command: Document): void {
  if (fields === undefined) return
  Object.keys(command).forEach((field, at) => {
    if (at > 0 && !isGenericArgument(field) && !fields.includes(field)) throw unknownField(`${name}.${field}`)
  })
}

/** Refuses an unknown field of a part of a command; `part` is its path, as in `update.updates`. */
export function assertKnownFields(part: string, document: Document, fields: readonly string[]): void {
  const unknown = Object.keys(document).find((field) => !fields.includes(field))
  if (unknown !== undefined) throw unknownField(`${part}.${unknown}`)
}

function unknownField(path: string) {
  return locationError(40415, `BSON field '${path}' is an unknown field.`)
}
