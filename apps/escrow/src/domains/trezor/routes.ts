import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { publicId } from '../../platform/ids.ts'
import { nextAddressSchema, operationSchema, registrationMessageSchema, registrationSchema } from './input.ts'
import { type IssuedAddress, nextIndexOf, type TrezorAccount } from './model.ts'
import type { TrezorService } from './service.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

const addressView = z.object({
  index: z.number().nullable(),
  address: text,
  path: text,
  purpose: text,
  paymentId: text,
  issuedAt: time,
})

/** The xpub itself is not shown: whoever has it sees every address. */
const accountView = z.object({
  registered: z.literal(true),
  id: z.string(),
  xpubFingerprint: text,
  basePath: text,
  registrationAddress: text,
  nextAddressIndex: z.number(),
  addresses: z.array(addressView),
  deviceLabel: text,
  createdAt: time,
})

const noAccountView = z.object({ registered: z.literal(false) })
const proofView = z.object({ verified: z.boolean(), required: z.boolean(), message: z.string() })

export function registerTrezorRoutes(app: HttpApp, service: TrezorService, guard: AuthGuard): void {
  const tags = ['trezor']
  const signedIn = { preHandler: guard.authenticate }

  app.get(
    '/api/trezor/registration-message',
    {
      ...signedIn,
      schema: {
        tags,
        querystring: registrationMessageSchema,
        response: { 200: answerOf(z.object({ message: z.string() })) },
      },
    },
    async (request) => ok({ message: service.registrationMessage(actorOf(request), request.query) }),
  )

  app.post(
    '/api/trezor/register',
    { ...signedIn, schema: { tags, body: registrationSchema, response: { 200: answerOf(accountView) } } },
    async (request) => ok(viewOf(await service.register(actorOf(request), request.body))),
  )

  app.get(
    '/api/trezor/account',
    {
      ...signedIn,
      schema: { tags, response: { 200: answerOf(z.union([accountView, noAccountView])) } },
    },
    async (request) => {
      const account = await service.account(actorOf(request))
      return ok(account === null ? { registered: false as const } : viewOf(account))
    },
  )

  app.post(
    '/api/trezor/addresses/next',
    { ...signedIn, schema: { tags, body: nextAddressSchema, response: { 200: answerOf(addressView) } } },
    async (request) => ok(addressViewOf(await service.nextAddress(actorOf(request), request.body))),
  )

  app.post(
    '/api/trezor/verify-operation',
    { ...signedIn, schema: { tags, body: operationSchema, response: { 200: answerOf(proofView) } } },
    async (request) => ok(await service.verifyOperation(actorOf(request), request.body)),
  )
}

function viewOf(account: TrezorAccount): z.output<typeof accountView> {
  return {
    registered: true,
    id: publicId(account.id),
    xpubFingerprint: account.xpubFingerprint,
    basePath: account.basePath,
    registrationAddress: account.registrationAddress,
    nextAddressIndex: nextIndexOf(account),
    addresses: account.addresses.map(addressViewOf),
    deviceLabel: account.deviceLabel,
    createdAt: account.createdAt?.toISOString() ?? null,
  }
}

function addressViewOf({ paymentId, issuedAt, ...address }: IssuedAddress): z.output<typeof addressView> {
  return {
    ...address,
    paymentId: paymentId === null ? null : publicId(paymentId),
    issuedAt: issuedAt?.toISOString() ?? null,
  }
}
