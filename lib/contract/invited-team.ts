/** A team that an invitation leads into, and the role there. */
export interface InvitedTeam {
  teamId: string;
  role: "team_admin" | "member";
}
