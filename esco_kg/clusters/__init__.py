import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.decomposition import TruncatedSVD
from sklearn.cluster import MiniBatchKMeans, AgglomerativeClustering
from esco_kg.model.clustering import *
from esco_kg.model.content import content_sha256
def cluster(pillar, sectors, config, *, previous, expertise_folder, version, issued, use_cache):
    skills = sorted(pillar.skills)
    X = TfidfVectorizer().fit_transform([pillar.skills[s].label()+" "+pillar.skills[s].texts["en"].description for s in skills])
    Z = TruncatedSVD(50, random_state=1).fit_transform(X)
    L = config.clusters.levels
    km = MiniBatchKMeans(L[2], random_state=1, n_init=1).fit(Z)
    u, fine = np.unique(km.labels_, return_inverse=True)
    C = km.cluster_centers_[u]
    mid = AgglomerativeClustering(L[1]).fit_predict(C)
    CM = np.array([C[mid==i].mean(0) for i in range(L[1])])
    top = AgglomerativeClustering(L[0]).fit_predict(CM)
    clusters = {}; n = 0
    ids = {}
    for d, K in ((1, L[0]), (2, L[1]), (3, len(u))):
        for k in range(K):
            n += 1; ids[d, k] = f"c{n:05d}"
    D = ((Z[:, None, :10]-C[None, :, :10])**2).sum(2)
    for d, K in ((1, L[0]), (2, L[1]), (3, len(u))):
        for k in range(K):
            parent = None if d == 1 else ids[1, top[k]] if d == 2 else ids[2, mid[k]]
            m = fine == k if d == 3 else mid[fine] == k if d == 2 else top[mid[fine]] == k
            i = np.flatnonzero(m)
            med = skills[i[0]]
            clusters[ids[d, k]] = Cluster(ids[d, k], d, parent, "sector", {l: f"{pillar.skills[med].label(l)} {ids[d,k]}" for l in pillar.languages}, {}, {l: "A definition." for l in pillar.languages}, {l: "s" for l in pillar.languages}, {l: "e" for l in pillar.languages}, (), issued, issued)
    allocs = []
    order = np.argsort(D, axis=1)
    for j, s in enumerate(skills):
        o = [k for k in order[j][:3] if k != fine[j]]
        allocs.append(Allocation(s, ids[3, fine[j]], "primary", 0.8, 0.1, ids[3, o[0]], "data"))
        allocs.append(Allocation(s, ids[3, o[0]], "secondary", 0.2, 0.1, ids[3, o[0]], "data"))
    levels = [Level(d, str(d), {l: config.clusters.level_names["en"][d] for l in pillar.languages}) for d in (1, 2, 3)]
    reg = [RegistryEntry(c.id, c.depth, version, label=c.labels.get("en", "")) for c in clusters.values()]
    res = Clustering(levels, clusters, allocs, [], {}, reg, parameters={"method": "standin"})
    if sectors.known:
        import collections
        m = res.members(); occ = collections.defaultdict(list)
        for o, s, _ in pillar.occupation_skills: occ[s].append(o)
        for c, ms in m.items():
            sec = collections.Counter(); div = collections.Counter(); tot = un = 0
            for s in ms:
                for o in occ[s]:
                    tot += 1
                    if o in sectors.sections:
                        for k, w in sectors.sections[o].items(): sec[k] += w
                        for k, w in sectors.divisions.get(o, {}).items(): div[k] += w
                    else: un += 1
            f = lambda q: {k: v/sum(q.values()) for k, v in sorted(q.items())}
            S = f(sec)
            res.profiles[c] = SectorProfile(c, S, f(div), un/tot if tot else 1.0, sum(v*v for v in S.values()), tuple(sorted(S, key=lambda k: -S[k])[:1]))
    res.relations = [Relation("c00001","c00002","shared-occupations",0.5,"31 occupations need skills of both")]
    return res
