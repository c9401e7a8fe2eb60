import type { Document } from 'bson'

/** What a command may attach to an error besides its code: labels for the driver, and further reply fields. */
export interface ServerErrorOptions {
  labels?: string[]
  extra?: Document
  cause?: unknown
}

/** An error that a client sees as the reply of a failed command, in the words and codes of a mongod. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: number
  readonly codeName: string
  readonly labels: string[]
  readonly extra: Document

  constructor(code: number, codeName: string, message: string, options: ServerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.codeName = codeName
    this.labels = options.labels ?? []
    this.extra = options.extra ?? {}
  }
}

/** Builds an error with any code; the named constructors below cover the usual ones. */
export function serverError(
  code: number,
  codeName: string,
  message: string,
  options?: ServerErrorOptions,
): ServerError {
  return new ServerError(code, codeName, message, options)
}

/** An aggregation error that a mongod knows by number only (`Location40324` and the like). */
export function locationError(code: number, message: string): ServerError {
  return serverError(code, `Location${code}`, message)
}

/** 2: a value that the operator cannot take. */
export function badValue(message: string): ServerError {
  return serverError(2, 'BadValue', message)
}

/** 9: the request cannot be understood. */
export function failedToParse(message: string): ServerError {
  return serverError(9, 'FailedToParse', message)
}

/** 14: a field or argument of the wrong BSON type. */
export function typeMismatch(message: string): ServerError {
  return serverError(14, 'TypeMismatch', message)
}

/** 28: a path that would have to lead through a value that is no document. */
export function pathNotViable(message: string): ServerError {
  return serverError(28, 'PathNotViable', message)
}

/** 40: two update operators on the same path, or on a path and its parent. */
export function conflictingUpdateOperators(message: string): ServerError {
  return serverError(40, 'ConflictingUpdateOperators', message)
}

/** 66: an update that would change `_id`. */
export function immutableField(message: string): ServerError {
  return serverError(66, 'ImmutableField', message)
}

/**
 * 238: the stand-in leaves this out. It always refuses what it does not know, because a wrong answer would make
 * every test that rests on it worthless. `what` is the operator, stage or option, with its `$`.
 */
export function notSupported(what: string): ServerError {
  return serverError(238, 'NotImplemented', `${what} is not supported by the stand-in`)
}
