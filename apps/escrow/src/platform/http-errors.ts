import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod'
import { DomainError, invalidInput, problemDocument } from './errors.ts'
import type { HttpApp } from './http.ts'

/** Turns everything that a route may throw into a problem document; only faults of ours are logged as errors. */
export function answerErrors(app: HttpApp): void {
  app.setNotFoundHandler((request, reply) => {
    send(request, reply, noSuchRoute(`${request.method} ${request.url.split('?')[0]}`))
  })
  app.setErrorHandler((error, request, reply) => {
    send(request, reply, domainErrorOf(error))
  })
}

function send(request: FastifyRequest, reply: FastifyReply, error: DomainError): void {
  if (error.status >= 500) request.log.error({ err: error }, 'request failed')
  else request.log.info({ code: error.code }, error.message)
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter)
  reply.status(error.status).type('application/problem+json').serializer(JSON.stringify)
  reply.send(problemDocument(error, request.id))
}

function domainErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map((issue) => ({
      path: `${error.validationContext ?? 'body'}${issue.instancePath.replaceAll('/', '.')}`,
      message: issue.message ?? 'is not valid',
    }))
    return invalidInput(fields.map((field) => `${field.path}: ${field.message}`).join('; '), fields)
  }
  if (!isResponseSerializationError(error) && isClientError(error)) return refusedByFastify(error)
  return new DomainError({
    code: 'INTERNAL',
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong on our side; the request id finds it in the logs.',
    cause: error,
  })
}

/** Malformed JSON, a body that is too large, an unknown media type. */
function isClientError(error: unknown): error is FastifyError {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  )
}

function refusedByFastify(error: FastifyError): DomainError {
  return new DomainError({
    code: error.code ?? 'BAD_REQUEST',
    status: error.statusCode ?? 400,
    title: 'Bad request',
    detail: error.message,
    cause: error,
  })
}

function noSuchRoute(route: string): DomainError {
  return new DomainError({
    code: 'ROUTE_NOT_FOUND',
    status: 404,
    title: 'No such route',
    detail: `${route} does not exist. /openapi.json lists what does.`,
  })
}
