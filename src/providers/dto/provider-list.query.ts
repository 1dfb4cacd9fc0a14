/** The list takes nothing: there are eight providers, and they are one page. */
export class ProviderListQuery {}
