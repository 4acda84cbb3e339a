/** How many members a page of the list shows. */
export const TEAM_MEMBERS_PAGE = 50;
