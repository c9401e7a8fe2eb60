/** One field of a request that was refused, named by its path in the body, query or params. */
export interface FieldProblem {
  path: string
  message: string
}

export interface DomainErrorOptions {
  /** Stable, upper snake case: clients branch on it. */
  code: string
  status: number
  title: string
  /** What happened and what to do next, in words for the caller. */
  detail: string
  fields?: FieldProblem[]
  /** Seconds after which the same call may succeed. */
  retryAfter?: number
  cause?: unknown
}

/** A refusal that belongs to the application's rules, not a fault: it carries everything that its HTTP answer says. */
export class DomainError extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly fields: FieldProblem[] | undefined
  readonly retryAfter: number | undefined

  constructor(options: DomainErrorOptions) {
    super(options.detail, { cause: options.cause })
    this.name = 'DomainError'
    this.code = options.code
    this.status = options.status
    this.title = options.title
    this.fields = options.fields
    this.retryAfter = options.retryAfter
  }
}

/** RFC 9457 problem document, with the members that the existing clients read (success, message, code). */
export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail: string
  code: string
  success: false
  message: string
  requestId?: string
  errors?: FieldProblem[]
}

export function problemDocument(error: DomainError, requestId?: string): ProblemDocument {
  return {
    type: `urn:escrow:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    success: false,
    message: error.message,
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.fields === undefined ? {} : { errors: error.fields }),
  }
}

export function notFound(what: string, id: string): DomainError {
  return new DomainError({
    code: 'NOT_FOUND',
    status: 404,
    title: 'Not found',
    detail: `There is no ${what} ${id}, or you may not see it.`,
  })
}

export function forbidden(detail: string): DomainError {
  return new DomainError({ code: 'FORBIDDEN', status: 403, title: 'Not allowed', detail })
}

export function unauthenticated(detail: string, cause?: unknown): DomainError {
  return new DomainError({ code: 'UNAUTHENTICATED', status: 401, title: 'Sign in first', detail, cause })
}

export function invalidInput(detail: string, fields?: FieldProblem[]): DomainError {
  return new DomainError({ code: 'VALIDATION_FAILED', status: 400, title: 'Invalid input', detail, fields })
}

/** The unit's store is away or holds writes back: the caller did nothing wrong and may try again. */
export function unitUnavailable(unit: string, cause?: unknown): DomainError {
  return new DomainError({
    code: 'UNIT_UNAVAILABLE',
    status: 503,
    title: 'Temporarily unavailable',
    detail: `The ${unit} part of the service cannot take this call right now. Try again in a moment.`,
    retryAfter: 2,
    cause,
  })
}
