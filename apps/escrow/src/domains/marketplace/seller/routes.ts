import { z } from 'zod'
import { answerOf, ok, pageSchema } from '../../../platform/answer.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { publicId } from '../../../platform/ids.ts'
import type { SellerDirectory, SellerEntry } from './directory.ts'

const text = z.string().nullable()
const sellerView = z.object({
  id: z.string(),
  firstName: text,
  lastName: text,
  avatar: text,
  shop: z.object({ name: text, avatar: text }).nullable(),
  rating: z.object({ average: z.number().nullable(), count: z.number(), distribution: z.array(z.number()) }),
  completedOrders: z.number(),
})
const sellersAnswer = z.object({ items: z.array(sellerView), total: z.number() })

export function registerSellerRoutes(app: HttpApp, directory: SellerDirectory): void {
  const schema = {
    tags: ['marketplace'],
    querystring: pageSchema,
    response: { 200: answerOf(sellersAnswer) },
  }
  app.get('/api/marketplace/sellers', { schema }, async ({ query }) => {
    const { items, total } = await directory.list(query)
    return ok({ items: items.map(viewOf), total })
  })
}

/** Of people no more than their name and picture: everybody may see it, whether their profile is public or not. */
function viewOf({ seller, shop, rating, completedOrders }: SellerEntry): z.input<typeof sellerView> {
  return {
    id: publicId(seller.id),
    firstName: seller.firstName,
    lastName: seller.lastName,
    avatar: seller.avatar,
    shop: shop && { name: shop.name, avatar: shop.avatar },
    rating,
    completedOrders,
  }
}
