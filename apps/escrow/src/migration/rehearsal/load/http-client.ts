import { SignJWT } from 'jose'

export interface LoadActor {
  /** 24 hex digits. */
  id: string
  role: 'admin' | 'buyer' | 'seller'
}

/** What a client can tell of its call. Only `done` was acknowledged; after `unknown` either may be true. */
export type Answer =
  | { kind: 'done'; status: number; data: Record<string, unknown> }
  | { kind: 'refused'; status: number; code: string }
  | { kind: 'unknown'; cause: string }

export interface CallOptions {
  actor?: LoadActor
  body?: unknown
  headers?: Record<string, string>
}

export interface LoadClient {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Addresses of the processes that serve now; calls go to them in turn. */
  setProcesses(urls: string[]): void
}

/** A client of the marketplace that knows several processes, as a load balancer does. */
export function loadClient(jwtSecret: string): LoadClient {
  let urls: string[] = []
  let next = 0
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (actor: LoadActor) => {
    let token = tokens.get(actor.id)
    if (token === undefined) {
      token = accessToken(actor, jwtSecret)
      tokens.set(actor.id, token)
    }
    return token
  }
  return {
    setProcesses(now) {
      urls = now
    },
    async call(method, path, { actor, body, headers } = {}) {
      next += 1
      const url = urls[next % urls.length]
      if (url === undefined) return { kind: 'refused', status: 0, code: 'NO_PROCESS' }
      const raw = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
      try {
        const response = await fetch(`${url}${path}`, {
          method,
          body: raw,
          headers: {
            ...(raw === undefined ? {} : { 'content-type': 'application/json' }),
            ...(actor === undefined ? {} : { authorization: `Bearer ${await tokenOf(actor)}` }),
            ...headers,
          },
          signal: AbortSignal.timeout(15_000),
        })
        return answerOf(response.status, await response.json())
      } catch (error) {
        return { kind: 'unknown', cause: causeOf(error) }
      }
    },
  }
}

/** A refusal that names its rule changed nothing; a fault (500) may have come after the commit. */
function answerOf(status: number, body: unknown): Answer {
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  if (status >= 200 && status < 300) {
    const { data } = members
    return { kind: 'done', status, data: typeof data === 'object' && data !== null ? { ...data } : {} }
  }
  const code = String(members.code ?? `HTTP_${status}`)
  if (status >= 500 && code !== 'UNIT_UNAVAILABLE' && code !== 'CONTENDED')
    return { kind: 'unknown', cause: code }
  return { kind: 'refused', status, code }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

/** Signed with the key that the rehearsal gave its processes, so that load needs no sign-in for each actor. */
function accessToken(actor: LoadActor, secret: string): Promise<string> {
  return new SignJWT({ role: actor.role })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('escrow')
    .setSubject(actor.id)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(new TextEncoder().encode(secret))
}
