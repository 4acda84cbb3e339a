import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";

export interface LicencesProps {
  /** Packages and their licences, by name. */
  rows: readonly (readonly [name: string, licence: string])[];
}

/** The packages that Conduit names itself, by licence. */
export function Licences({ rows }: LicencesProps) {
  const byLicence = Map.groupBy(rows, ([, licence]) => licence);
  return (
    <Card>
      <CardHeader>
        <CardTitle>Licences</CardTitle>
        <CardDescription>
          Conduit is under Apache-2.0. It is built on these packages, each under its own licence.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <dl className="flex flex-col gap-3 text-sm">
          {[...byLicence].map(([licence, packages]) => (
            <div key={licence}>
              <dt className="font-medium">{licence}</dt>
              <dd className="break-words text-muted-fg">
                {packages.map(([name]) => name).join(", ")}
              </dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}
