import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema, publicId } from '../../../platform/ids.ts'
import { type ShopSettings, shopChangesSchema } from './model.ts'
import type { ShopService } from './service.ts'
import { defaultChains, defaultTokens } from './vocabulary.ts'

const shopView = z.object({
  id: z.string(),
  sellerId: z.string().nullable(),
  name: z.string().nullable(),
  description: z.string(),
  avatar: z.string(),
  coverImage: z.string(),
  isPublic: z.boolean(),
  allowSellerReviews: z.boolean(),
  allowTemplateReviews: z.boolean(),
  socialLinks: z.object({
    facebook: z.string(),
    instagram: z.string(),
    linkedin: z.string(),
    twitter: z.string(),
  }),
  paymentConfig: z.object({ allowedChains: z.array(z.number()), allowedTokens: z.array(z.string()) }),
})

export function registerShopRoutes(app: HttpApp, service: ShopService, guard: AuthGuard): void {
  const tags = ['marketplace']
  const seller = { preHandler: guard.authorize('seller') }

  app.get(
    '/api/marketplace/shop',
    { ...seller, schema: { tags, response: { 200: answerOf(shopView.nullable()) } } },
    async (request) => {
      const shop = await service.own(actorOf(request))
      return ok(shop && viewOf(shop))
    },
  )

  app.put(
    '/api/marketplace/shop',
    { ...seller, schema: { tags, body: shopChangesSchema, response: { 200: answerOf(shopView) } } },
    async (request) => ok(viewOf(await service.save(actorOf(request), request.body))),
  )

  app.get(
    '/api/marketplace/shop/:sellerId',
    {
      schema: { tags, params: z.object({ sellerId: idSchema }), response: { 200: answerOf(shopView) } },
    },
    async ({ params }) => ok(viewOf(await service.visible(params.sellerId))),
  )
}

function viewOf(shop: ShopSettings): z.input<typeof shopView> {
  const link = (network: string) => {
    const stored = shop.socialLinks?.[network]
    return typeof stored === 'string' ? stored : ''
  }
  return {
    id: publicId(shop.id),
    sellerId: shop.sellerId && publicId(shop.sellerId),
    name: shop.name,
    description: shop.description ?? '',
    avatar: shop.avatar ?? '',
    coverImage: shop.coverImage ?? '',
    isPublic: shop.isPublic ?? true,
    allowSellerReviews: shop.allowSellerReviews ?? true,
    allowTemplateReviews: shop.allowTemplateReviews ?? true,
    socialLinks: {
      facebook: link('facebook'),
      instagram: link('instagram'),
      linkedin: link('linkedin'),
      twitter: link('twitter'),
    },
    paymentConfig: {
      allowedChains: shop.allowedChains ?? [...defaultChains],
      allowedTokens: shop.allowedTokens ?? [...defaultTokens],
    },
  }
}
