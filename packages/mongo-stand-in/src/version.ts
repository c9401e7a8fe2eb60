/** The version whose behaviour is copied; the suffix tells who is speaking. */
export const VERSION = '8.0.0-stand-in'
