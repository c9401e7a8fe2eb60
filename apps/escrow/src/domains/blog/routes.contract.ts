import { beforeAll, describe, expect, test } from 'vitest'
import { newId, parseId, publicId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'

const path = '/api/blog/posts'
const adminPath = '/api/blog/admin/posts'

/** What clients of the blog API may rely on, whichever store the units are in. */
export function blogRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  let admin: string
  beforeAll(async () => {
    escrow = await freshApp()
    const { id } = await signUp(escrow)
    admin = await escrow.tokenFor('admin', parseId(id))
  })

  const post = async (fields: object = {}) => {
    const body = { title: 'A post', description: 'About it.', content: 'All of it.', ...fields }
    const answer = await escrow.call('POST', adminPath, { token: admin, body })
    expect(answer.status).toBe(201)
    return answer.body.data
  }
  const change = (id: string, body: object) =>
    escrow.call('PUT', `${adminPath}/${id}`, { token: admin, body })
  const titlesOf = async (url: string) => {
    const { data } = (await escrow.call('GET', url)).body
    return (data.posts ?? data).map(({ title }: { title: string }) => title)
  }

  describe('the blog', () => {
    test('slugs come from titles of any script, with a number where they clash', async () => {
      const title = 'راهنمای خرید!'
      const [first, second] = [await post({ title }), await post({ title, status: 'published' })]
      expect([first.slug, second.slug]).toEqual(['راهنمای-خرید', 'راهنمای-خرید-2'])
      expect((await post({ title: '🎉' })).slug).toBe('')
      const renamed = await change(first.id, { title: 'Something else' })
      expect(renamed.body.data.slug).toBe(first.slug)
      expect((await change(first.id, { slug: 'My Own Slug' })).body.data.slug).toBe('my-own-slug')
      const found = await escrow.call('GET', `${path}/${encodeURIComponent(second.slug)}`)
      expect(found.body.data).toMatchObject({ id: second.id, content: 'All of it.' })
    })

    test('a draft is for administrators; publishing stamps the time, once', async () => {
      const draft = await post({ title: 'To be published', tags: ['stamped'], category: 'news' })
      expect(draft).toMatchObject({ status: 'draft', publishedAt: null, readTime: 5, views: 0 })
      expect((await escrow.call('GET', `${path}/${draft.slug}`)).status).toBe(404)
      const { body } = await change(draft.id, { status: 'published' })
      const { publishedAt } = body.data
      expect(publishedAt).toBe(escrow.clock.now().toISOString())
      escrow.clock.advance(1000)
      await change(draft.id, { status: 'archived' })
      expect((await escrow.call('GET', `${path}/${draft.slug}`)).status).toBe(404)
      const again = await change(draft.id, { status: 'published' })
      expect(again.body.data).toMatchObject({ publishedAt, title: 'To be published', tags: ['stamped'] })
    })

    test('every look counts; a post without a slug is reached by its id', async () => {
      const { id, slug } = await post({ title: '📱', status: 'published' })
      expect(slug).toBe('')
      const look = async () => (await escrow.call('GET', `${path}/${id}`)).body.data
      expect((await look()).views).toBe(1)
      expect(await look()).toMatchObject({ views: 2, viewsCount: 2 })
    })

    test('lists: by category and tag, newest first, featured, recent and by words', async () => {
      const fields = { status: 'published', tags: ['wool'], category: 'tips' }
      await post({ ...fields, title: 'One', content: 'About WOOL.' })
      escrow.clock.advance(60_000)
      await post({ ...fields, title: 'Two', featured: true })
      await post({ ...fields, title: 'Three', status: 'draft' })
      expect(await titlesOf(`${path}?tag=wool`)).toEqual(['Two', 'One'])
      expect(await titlesOf(`${path}?category=tips&sortOrder=asc&limit=1`)).toEqual(['One'])
      expect(await titlesOf(`${path}/featured`)).toEqual(['Two'])
      expect(await titlesOf(`${path}/recent?limit=1`)).toEqual(['Two'])
      expect(await titlesOf(`${path}/search?q=about%20wool`)).toEqual(['One'])
      expect((await escrow.call('GET', `${path}/search?q=w`)).status).toBe(400)
      const counts = (await escrow.call('GET', '/api/blog/categories')).body.data
      expect(counts).toContainEqual({ category: 'tips', count: 2 })
      const drafts = await escrow.call('GET', `${adminPath}?status=draft&tag=wool`, { token: admin })
      expect(drafts.body.data).toMatchObject({ posts: [{ title: 'Three', isFeatured: false }], total: 1 })
    })

    test('a person likes a post once, however often they press', async () => {
      const { accessToken: token } = await signUp(escrow)
      const { id } = await post({ status: 'published' })
      const like = (method: 'POST' | 'DELETE', by = token) =>
        escrow.call(method, `${path}/${id}/like`, { token: by })
      await Promise.all([like('POST'), like('POST')])
      expect((await like('POST')).body.data).toEqual({ liked: true, likes: 1 })
      const other = (await signUp(escrow)).accessToken
      expect((await like('POST', other)).body.data).toEqual({ liked: true, likes: 2 })
      expect((await like('DELETE')).body.data).toEqual({ liked: false, likes: 1 })
      expect((await like('DELETE')).body.data).toEqual({ liked: false, likes: 1 })
      const draft = await post()
      const missing = [draft.id, publicId(newId())].map((one) =>
        escrow.call('POST', `${path}/${one}/like`, { token }),
      )
      expect((await Promise.all(missing)).map(({ status }) => status)).toEqual([404, 404])
    })

    test('only administrators write', async () => {
      const { accessToken: token } = await signUp(escrow)
      const { id } = await post()
      const body = { title: 'x', description: 'y', content: 'z' }
      expect((await escrow.call('POST', adminPath, { token, body })).status).toBe(403)
      expect((await escrow.call('GET', adminPath, { token })).status).toBe(403)
      expect((await escrow.call('PUT', `${adminPath}/${id}`, { token, body })).status).toBe(403)
      expect((await escrow.call('DELETE', `${adminPath}/${id}`, { token })).status).toBe(403)
      expect((await escrow.call('DELETE', `${adminPath}/${id}`, { token: admin })).status).toBe(200)
      expect((await escrow.call('GET', `${adminPath}/${id}`, { token: admin })).status).toBe(404)
      const wrong = await escrow.call('POST', adminPath, { token: admin, body: { ...body, category: 'x' } })
      expect(wrong.body.code).toBe('VALIDATION_FAILED')
    })
  })
}
