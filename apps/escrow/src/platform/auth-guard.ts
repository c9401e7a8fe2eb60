import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock } from './clock.ts'
import { forbidden, unauthenticated } from './errors.ts'
import { type EntityId, idSchema, publicId } from './ids.ts'
import { type Role, roles } from './roles.ts'

/** Who makes a call, as the access token says. */
export interface Actor {
  id: EntityId
  role: Role
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; null on public routes. */
    actor: Actor | null
  }
}

export interface AuthGuard {
  issueAccessToken(actor: Actor): Promise<string>
  /** Throws UNAUTHENTICATED when the token is missing, forged or past its time. */
  verifyAccessToken(token: string): Promise<Actor>
  /** Route hook: a valid bearer token is needed. */
  authenticate: preHandlerAsyncHookHandler
  /** Route hook: a valid bearer token of one of these roles is needed. */
  authorize(...allowed: Role[]): preHandlerAsyncHookHandler
}

const claims = z.object({ sub: idSchema, role: z.enum(roles) })
const ISSUER = 'escrow'

export function createAuthGuard(options: {
  secret: string
  accessTokenMinutes: number
  clock: Clock
}): AuthGuard {
  const key = new TextEncoder().encode(options.secret)

  async function verifyAccessToken(token: string): Promise<Actor> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        currentDate: options.clock.now(),
      })
      const { sub, role } = claims.parse(payload)
      return { id: sub, role }
    } catch (error) {
      throw unauthenticated(
        'The access token is not valid any more. Exchange the refresh token or sign in.',
        error,
      )
    }
  }

  async function identify(request: FastifyRequest): Promise<Actor> {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token) {
      throw unauthenticated('Send the access token as "Authorization: Bearer <token>".')
    }
    const actor = await verifyAccessToken(token)
    request.actor = actor
    return actor
  }

  return {
    verifyAccessToken,
    issueAccessToken(actor) {
      const issuedAt = Math.floor(options.clock.now().getTime() / 1000)
      return new SignJWT({ role: actor.role })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(ISSUER)
        .setSubject(publicId(actor.id))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + options.accessTokenMinutes * 60)
        .sign(key)
    },
    async authenticate(request) {
      await identify(request)
    },
    authorize(...allowed) {
      return async (request) => {
        const actor = await identify(request)
        if (!allowed.includes(actor.role)) throw forbidden(`This call is for ${allowed.join(' or ')}.`)
      }
    },
  }
}

/** The actor of a request whose route is guarded. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw unauthenticated('Sign in first.')
  return request.actor
}
