import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { answerErrors } from './http-errors.ts'
import { newId, publicId } from './ids.ts'
import type { Logger } from './logger.ts'
import { registerMetrics } from './metrics.ts'
import { countQueriesOfRequests, RequestLog } from './request-log.ts'

/** The HTTP application: routes declare zod schemas and get typed requests. */
export type HttpApp = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON body as it came over the wire: signatures of webhooks are over these bytes. */
    rawBody: Buffer | null
  }
}

const TEN_MEGABYTES = 10 * 1024 * 1024

export interface HttpOptions {
  logger: Logger
  /** Tells in a header of each answer how many queries it took. */
  showQueries?: boolean
}

/** An empty application with validation, problem documents, the OpenAPI document at /openapi.json and metrics. */
export function createHttpApp({ logger, showQueries = false }: HttpOptions): HttpApp {
  const app: HttpApp = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new RequestLog(),
    bodyLimit: TEN_MEGABYTES,
    genReqId: () => publicId(newId()),
    requestIdHeader: false,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('actor', null)
  app.decorateRequest('rawBody', null)
  countQueriesOfRequests(app, { showQueries })
  registerMetrics(app)
  keepRawBody(app)
  answerErrors(app)
  describeApi(app)
  return app
}

/** Adds routes once the description of the API listens for them. */
export function addRoutes(app: HttpApp, register: (api: HttpApp) => void): void {
  app.register((api, _options, done) => {
    register(api.withTypeProvider<ZodTypeProvider>() as HttpApp)
    done()
  })
}

function keepRawBody(app: HttpApp): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body
    // Clients of the past send the header on calls without a body.
    if (body.length === 0) done(null, undefined)
    else void parse(request, body.toString('utf8'), done)
  })
}

function describeApi(app: HttpApp): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Escrow API', version: '1.0.0' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: jsonSchemaTransform,
  })
  app.after(() => {
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  })
}
