import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema, publicId } from '../../platform/ids.ts'
import { type Address, addressChangesSchema, newAddressSchema, typeOf } from './model.ts'
import type { AddressService } from './service.ts'

const addressView = z.object({
  id: z.string(),
  name: z.string().nullable(),
  phoneNumber: z.string().nullable(),
  fullAddress: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  country: z.string().nullable(),
  zipCode: z.string().nullable(),
  addressType: z.string(),
  primary: z.boolean(),
  createdAt: z.string().nullable(),
})

const byId = z.object({ id: idSchema })

export function registerAddressRoutes(app: HttpApp, service: AddressService, guard: AuthGuard): void {
  const tags = ['address']
  const preHandler = guard.authenticate
  const one = { tags, params: byId, response: { 200: answerOf(addressView) } }

  app.get(
    '/api/addresses',
    { preHandler, schema: { tags, response: { 200: answerOf(z.array(addressView)) } } },
    async (request) => ok((await service.list(actorOf(request).id)).map(viewOf)),
  )

  app.post(
    '/api/addresses',
    { preHandler, schema: { tags, body: newAddressSchema, response: { 201: answerOf(addressView) } } },
    async (request, reply) =>
      reply.status(201).send(ok(viewOf(await service.create(actorOf(request).id, request.body)))),
  )

  app.get('/api/addresses/:id', { preHandler, schema: one }, async (request) =>
    ok(viewOf(await service.get(actorOf(request).id, request.params.id))),
  )

  // Clients send what changed by either method.
  for (const method of ['PUT', 'PATCH'] as const) {
    app.route({
      method,
      url: '/api/addresses/:id',
      preHandler,
      schema: { ...one, body: addressChangesSchema },
      handler: async (request) =>
        ok(viewOf(await service.change(actorOf(request).id, request.params.id, request.body))),
    })
  }

  app.patch('/api/addresses/:id/primary', { preHandler, schema: one }, async (request) =>
    ok(viewOf(await service.change(actorOf(request).id, request.params.id, { primary: true }))),
  )

  app.delete(
    '/api/addresses/:id',
    { preHandler, schema: { tags, params: byId, response: { 200: answerOf(z.null()) } } },
    async (request) => {
      await service.remove(actorOf(request).id, request.params.id)
      return ok(null)
    },
  )
}

function viewOf(address: Address): z.input<typeof addressView> {
  return {
    id: publicId(address.id),
    name: address.name,
    phoneNumber: address.phoneNumber,
    fullAddress: address.fullAddress,
    city: address.city,
    state: address.state,
    country: address.country,
    zipCode: address.zipCode,
    addressType: typeOf(address),
    primary: address.primary ?? false,
    createdAt: address.createdAt?.toISOString() ?? null,
  }
}
