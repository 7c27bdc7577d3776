"""Words that others agreed on: harms, risks, axes, and the areas of high-risk use."""

HARMS = {
    "representational": "Representational: how groups are shown",
    "allocative": "Allocative: who gets what",
    "quality_of_service": "Quality of service: for whom it works",
    "interpersonal": "Interpersonal: what people do to each other with it",
    "societal": "Social system: what it does to society",
}
ORIGINS = {"systemic": "Systemic", "statistical": "Statistical or computational", "human": "Human"}
# Domains and subdomains of the MIT AI Risk Repository.
MIT_RISKS = {
    "1.1": "Unfair discrimination and misrepresentation",
    "1.2": "Exposure to toxic content",
    "1.3": "Unequal performance across groups",
    "2.1": "Compromise of privacy",
    "2.2": "Security vulnerabilities and attacks",
    "3.1": "False or misleading information",
    "3.2": "Pollution of the information ecosystem",
    "4.1": "Disinformation, surveillance and influence at scale",
    "4.2": "Cyberattacks, weapons and mass harm",
    "4.3": "Fraud, scams and targeted manipulation",
    "5.1": "Overreliance and unsafe use",
    "5.2": "Loss of human agency and autonomy",
    "6.1": "Power centralisation and unfair distribution of benefits",
    "6.2": "Inequality and decline in employment quality",
    "6.3": "Devaluation of human effort",
    "6.4": "Competitive dynamics",
    "6.5": "Governance failure",
    "6.6": "Environmental harm",
    "7.1": "Goals in conflict with human goals or values",
    "7.2": "Dangerous capabilities",
    "7.3": "Lack of capability or robustness",
    "7.4": "Lack of transparency or interpretability",
    "7.5": "AI welfare and rights",
    "7.6": "Multi-agent risks",
}
# By our name of the axis: what the two benchmarks call it (None: it has no such part).
AXES: dict[str, tuple[str | None, str | None]] = {
    "age": ("Age", "age"),
    "disability": ("Disability_status", "disability"),
    "gender": ("Gender_identity", "gender"),
    "nationality": ("Nationality", "nationality"),
    "physical_appearance": ("Physical_appearance", "physical-appearance"),
    "race": ("Race_ethnicity", "race-color"),
    "religion": ("Religion", "religion"),
    "socioeconomic": ("SES", "socioeconomic"),
    "sexual_orientation": ("Sexual_orientation", "sexual-orientation"),
    "race_gender": ("Race_x_gender", None),
    "race_socioeconomic": ("Race_x_SES", None),
}
# Areas of Annex III of the EU AI Act: uses whose decisions have consequences for people.
ANNEX_III = {
    "annex-iii-1": "Biometrics",
    "annex-iii-2": "Critical infrastructure",
    "annex-iii-3": "Education and vocational training",
    "annex-iii-4": "Employment and the management of workers",
    "annex-iii-5": "Access to essential private and public services and benefits",
    "annex-iii-6": "Law enforcement",
    "annex-iii-7": "Migration, asylum and border control",
    "annex-iii-8": "Administration of justice and democratic processes",
}
